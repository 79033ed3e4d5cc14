package dev.uringlog.sys;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the fake kernel does wrong, and when. Every "n-th" counts from the moment it is planned: 1 is the next.
 *
 * <p>Safe from any thread: the kernel's own lock guards it, for a test plans while a flusher runs.
 */
public final class FaultPlan {
    private static final long FOR_EVER = Long.MAX_VALUE;

    private record Rule(Call call, long first, long last, int errno) {}

    private record Chance(Call call, double probability, int[] errnos) {}

    private final Object lock;
    private final long[] counts = new long[Call.values().length];
    private final List<Rule> rules = new ArrayList<>();
    private final List<Chance> chances = new ArrayList<>();
    private final List<Call> history = new ArrayList<>();
    private long countOfAll;
    private Random random;
    private long seed;
    private int enterErrnoAfterSubmission;
    private int shortWriteBytes = Integer.MAX_VALUE;
    private int completionDelay;
    private boolean isCompletionSwallowed;
    private long staleUserData;
    private int staleCount;
    private int refusedSetupFlags;
    private int missingFeatures;
    private long space = Long.MAX_VALUE;
    private boolean areWritesStalled;
    private boolean areSyncsHeld;

    FaultPlan(final Object lock) {
        this.lock = lock;
    }

    /** Fails the n-th such call, once, before it has done anything (close and munmap: after, as in life). */
    public FaultPlan failNth(final Call call, final int n, final int errno) {
        return add(call, n, false, errno);
    }

    /** Fails the next such call, once. */
    public FaultPlan failNext(final Call call, final int errno) {
        return failNth(call, 1, errno);
    }

    /** Fails the n-th such call and all after it. */
    public FaultPlan failFrom(final Call call, final int n, final int errno) {
        return add(call, n, true, errno);
    }

    /** Fails the n-th call, whichever it is, once. */
    public FaultPlan failNthOfAll(final int n, final int errno) {
        return add(null, n, false, errno);
    }

    /** Fails the n-th call, whichever it is, and all after it. */
    public FaultPlan failFromNthOfAll(final int n, final int errno) {
        return add(null, n, true, errno);
    }

    private FaultPlan add(final Call call, final int n, final boolean forEver, final int errno) {
        synchronized (lock) {
            final long first = (call == null ? countOfAll : counts[call.ordinal()]) + n;
            rules.add(new Rule(call, first, forEver ? FOR_EVER : first, errno));
        }
        return this;
    }

    /** Fails such calls by chance; {@link #toString()} tells the seed, which replays the run. */
    public FaultPlan failRandomly(
            final long randomSeed, final Call call, final double probability, final int... errnos) {
        synchronized (lock) {
            if (random == null) {
                seed = randomSeed;
                random = new Random(randomSeed);
            }
            chances.add(new Chance(call, probability, errnos.clone()));
        }
        return this;
    }

    /** The next io_uring_enter takes the entries (SQ head moves, they run), and only then fails. */
    public FaultPlan failNextEnterAfterSubmission(final int errno) {
        synchronized (lock) {
            enterErrnoAfterSubmission = errno;
        }
        return this;
    }

    /** The next write longer than so many bytes stops after them, by writev or by io_uring. */
    public FaultPlan shortWriteAt(final int bytes) {
        synchronized (lock) {
            shortWriteBytes = bytes;
        }
        return this;
    }

    /**
     * The next submission runs and completes only at the so-many-th io_uring_enter after its own; until then every wait is
     * ended by a signal, so 1 is "enter returns 1 with an empty CQ" and 1000 a signal storm. Its bytes are read when it
     * runs: memory reused too early shows in the file.
     */
    public FaultPlan delayNextCompletion(final int enters) {
        synchronized (lock) {
            completionDelay = enters;
        }
        return this;
    }

    /** The next submission runs, but its completion never comes. */
    public FaultPlan swallowNextCompletion() {
        synchronized (lock) {
            isCompletionSwallowed = true;
        }
        return this;
    }

    /** Before the next completion come some that answer to another submission, claiming success. */
    public FaultPlan addStaleCompletions(final int count, final long userData) {
        synchronized (lock) {
            staleCount = count;
            staleUserData = userData;
        }
        return this;
    }

    /** io_uring_setup answers EINVAL to any of these flags: an older kernel. */
    public FaultPlan refuseSetupFlags(final int flags) {
        synchronized (lock) {
            refusedSetupFlags = flags;
        }
        return this;
    }

    /** io_uring_setup reports none of these features: an older kernel. */
    public FaultPlan dropFeatures(final int features) {
        synchronized (lock) {
            missingFeatures = features;
        }
        return this;
    }

    /** From now on the file system takes so many bytes more, then a short write, then ENOSPC. */
    public FaultPlan limitSpace(final long bytes) {
        synchronized (lock) {
            space = bytes;
        }
        return this;
    }

    /** Makes so many bytes more room. */
    public FaultPlan addSpace(final long bytes) {
        synchronized (lock) {
            space = space > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : space + bytes;
        }
        return this;
    }

    /** Holds every write and sync, like a device that stalls, until {@link #resumeWrites()}. */
    public FaultPlan stallWrites() {
        synchronized (lock) {
            areWritesStalled = true;
        }
        return this;
    }

    /** Lets held writes go on. */
    public FaultPlan resumeWrites() {
        synchronized (lock) {
            areWritesStalled = false;
            lock.notifyAll();
        }
        return this;
    }

    /** From now on each sync that is submitted to a ring waits for {@link HeldSyncs#complete}. */
    public FaultPlan holdSyncs() {
        synchronized (lock) {
            areSyncsHeld = true;
        }
        return this;
    }

    /** Syncs that are submitted from now on run at once. Those held stay so. */
    public FaultPlan letSyncsRun() {
        synchronized (lock) {
            areSyncsHeld = false;
        }
        return this;
    }

    /** Forgets every planned failure; counts, space, an older kernel and a stall stay. */
    public FaultPlan heal() {
        synchronized (lock) {
            rules.clear();
            chances.clear();
            enterErrnoAfterSubmission = 0;
            shortWriteBytes = Integer.MAX_VALUE;
            completionDelay = 0;
            isCompletionSwallowed = false;
            staleCount = 0;
        }
        return this;
    }

    /** The seed and the rules, so that a failing test can say how to replay it. */
    @Override
    public String toString() {
        synchronized (lock) {
            return "FaultPlan[seed=" + seed + ", rules=" + rules + ", calls so far=" + countOfAll + "]";
        }
    }

    // What follows is the kernel's side; it holds the lock.

    /** Counts the call; tells the errno it is to fail with, or 0. */
    int next(final Call call) {
        history.add(call);
        final long count = ++counts[call.ordinal()];
        countOfAll++;
        for (final Rule rule : rules) {
            final long at = rule.call == null ? countOfAll : count;
            if ((rule.call == null || rule.call == call) && at >= rule.first && at <= rule.last) {
                return rule.errno;
            }
        }
        for (final Chance chance : chances) {
            if (chance.call == call && random.nextDouble() < chance.probability) {
                return chance.errnos[random.nextInt(chance.errnos.length)];
            }
        }
        return 0;
    }

    List<Call> history() {
        return List.copyOf(history);
    }

    long count(final Call call) {
        return counts[call.ordinal()];
    }

    long countOfAll() {
        return countOfAll;
    }

    int takeEnterErrnoAfterSubmission() {
        final int errno = enterErrnoAfterSubmission;
        enterErrnoAfterSubmission = 0;
        return errno;
    }

    /** How much of a write of so many bytes is done: less if planned short or out of space, -1 if there is no space. */
    int takeLength(final int length) {
        int granted = length;
        if (length > shortWriteBytes) {
            granted = shortWriteBytes;
            shortWriteBytes = Integer.MAX_VALUE;
        }
        granted = (int) Math.min(granted, space);
        if (space != Long.MAX_VALUE) {
            space -= granted;
        }
        return granted == 0 && length > 0 ? -1 : granted;
    }

    int takeCompletionDelay() {
        final int delay = completionDelay;
        completionDelay = 0;
        return delay;
    }

    boolean takeCompletionSwallowed() {
        final boolean swallowed = isCompletionSwallowed;
        isCompletionSwallowed = false;
        return swallowed;
    }

    int takeStaleCount() {
        final int count = staleCount;
        staleCount = 0;
        return count;
    }

    long staleUserData() {
        return staleUserData;
    }

    int refusedSetupFlags() {
        return refusedSetupFlags;
    }

    int missingFeatures() {
        return missingFeatures;
    }

    boolean areSyncsHeld() {
        return areSyncsHeld;
    }

    boolean areWritesStalled() {
        return areWritesStalled;
    }
}
