package dev.uringlog.examples.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The report for scripts: one JSON object on one line. A value that is unknown or does not apply is null. */
final class JsonReport {
    private JsonReport() {}

    static String of(final Findings findings) {
        final Sandbox sandbox = findings.sandbox();
        final Map<String, Object> ioUring = new LinkedHashMap<>();
        ioUring.put("works", findings.refusal() == null);
        ioUring.put("refusal", findings.refusal());
        ioUring.put("explanation", findings.explanation());
        ioUring.put("disabledSysctl", sandbox.ioUringDisabled());
        ioUring.put("seccomp", sandbox.seccomp());
        ioUring.put("memlock", sandbox.memlock());
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("exitCode", findings.exitCode());
        all.put("machine", Findings.machine());
        all.put("ioUring", ioUring);
        all.put("writev", findings.nativeRefusal() == null);
        all.put("directory", findings.path().toAbsolutePath().normalize().toString());
        all.put("problem", findings.problem());
        if (findings.problem() == null) {
            all.put("fileSystem", findings.directory().fileSystem());
            all.put("meaning", findings.directory().meaning());
            final Map<String, Object> auto = new LinkedHashMap<>();
            findings.trial().choices().forEach((durability, choice) -> auto.put(durability.name(), choice.strategy()));
            all.put("auto", auto);
            all.put("flushNanos", findings.trial().flushNanos());
            all.put("fdatasyncNanos", findings.trial().syncNanos());
            all.put("log4j2", findings.advice().log4j2());
            all.put("logback", findings.advice().logback());
        }
        return value(all);
    }

    private static String value(final Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.entrySet().stream()
                    .map(entry -> string(entry.getKey().toString()) + ":" + value(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return value instanceof String text ? string(text) : String.valueOf(value);
    }

    private static String string(final String text) {
        final StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') { // Plain ASCII, whatever the terminal's charset.
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
