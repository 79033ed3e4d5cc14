package dev.uringlog.append;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that remembers. */
public class Heard implements AppendLogListener {
    public final List<String> infos = new CopyOnWriteArrayList<>();
    public final List<String> warnings = new CopyOnWriteArrayList<>();
    public final List<String> errors = new CopyOnWriteArrayList<>();

    @Override
    public void info(final String message) {
        infos.add(message);
    }

    @Override
    public void warn(final String message) {
        warnings.add(message);
    }

    @Override
    public void error(final String message, final Throwable cause) {
        errors.add(message);
    }
}
