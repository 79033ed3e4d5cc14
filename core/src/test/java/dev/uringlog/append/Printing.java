package dev.uringlog.append;

/** Prints what a log says, for the parent of a child JVM. */
public final class Printing implements AppendLogListener {
    @Override
    public void info(final String message) {
        System.out.println("INFO " + message);
    }

    @Override
    public void warn(final String message) {
        System.out.println("WARN " + message);
    }

    @Override
    public void error(final String message, final Throwable cause) {
        System.out.println("ERROR " + message);
    }
}
