package dev.uringlog.log4j2.framework;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds what came of the tests against what is excluded, and says so. */
final class Verdict {
    private final Map<String, String> exclusions;

    Verdict(final Map<String, String> exclusions) {
        this.exclusions = exclusions;
    }

    /** Returns whether everything is as it should be. */
    boolean judge(final Map<String, String> outcomes, final List<String> testClasses) {
        int passed = 0;
        int skipped = 0;
        int excused = 0;
        int failed = 0;
        final Set<String> stale = new TreeSet<>();
        for (final Map.Entry<String, String> entry : outcomes.entrySet()) {
            final String test = entry.getKey();
            final String mayFail = exclusions.get(test + "?");
            final String excuse = mayFail == null ? exclusions.get(test) : mayFail;
            if (OneClass.isSkipped(entry.getValue())) {
                skipped++;
            } else if (!OneClass.isFailure(entry.getValue())) {
                passed++;
                if (exclusions.containsKey(test)) {
                    stale.add(test);
                }
            } else if (excuse != null) {
                excused++;
                System.out.println("excluded " + test + ": " + excuse);
            } else {
                failed++;
                System.out.println("FAILED   " + test + ": " + entry.getValue());
            }
        }
        stale.forEach(test -> System.out.println("FAILED   " + test + " passes, though it is excluded"));
        System.out.println("Log4j's tests of rolling, " + testClasses.size() + " classes: " + passed + " passed, "
                + failed + " failed, " + excused + " excluded methods, "
                + exclusions.keySet().stream()
                        .filter(name -> !name.contains("#"))
                        .count() + " excluded classes, " + skipped + " skipped by themselves");
        return failed == 0 && stale.isEmpty() && passed > 0;
    }
}
