package com.example.app;

/** Says what is about to be called, by whom and how it will end, before any recorder can know of it. */
public final class Truth {
    private static String phase = "before";

    private Truth() {
    }

    public static synchronized void consent() {
        phase = "after";
        System.out.println("consent\t" + System.currentTimeMillis());
    }

    /** The owner is the class that calls this. */
    public static synchronized void next(String owner, String called, String outcome) {
        String thread = Thread.currentThread().getName();
        System.out.println("call\t" + phase + "\t" + owner + "\t" + called + "\t" + outcome + "\t" + thread);
    }

    public static void refused(Runnable call) {
        try {
            call.run();
            throw new AssertionError("was to throw");
        } catch (SecurityException | IllegalStateException expected) {
            // the app goes on, as it would without a recorder
        }
    }
}
