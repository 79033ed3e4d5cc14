package dev.uringlog.examples.doctor;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;

/**
 * What a test needs of the machine. Where it is missing the test is skipped, unless the environment variable
 * {@code URINGLOG_REQUIRE} lists it: then the test fails, so CI cannot pass by skipping.
 */
final class Needs {
    private static final List<String> REQUIRED =
            Arrays.asList(String.valueOf(System.getenv("URINGLOG_REQUIRE")).split("[, ]+"));

    private Needs() {}

    static void need(final String feature, final boolean isHere) {
        if (!isHere && REQUIRED.contains(feature)) {
            fail(feature + " is missing here, and URINGLOG_REQUIRE lists it");
        }
        assumeTrue(isHere, feature + " is missing here");
    }
}
