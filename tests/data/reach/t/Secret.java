package t;

/** One method for each thing to be reached: what reaches it is what a test asks. */
class Secret {
    static void attached() { }
    static void application() { }
    static void initialised() { }
    static void firstProvider() { }
    static void secondProvider() { }
    static void queried() { }
    static void thread() { }
    static void handler() { }
    static void timer() { }
    static void service() { }
    static void mentioned() { }
    static void nobody() { }
    static void boot() { }
    static void opened() { }
    static void tapped() { }
    static void layoutTapped() { }
    static void agreedById() { }
    static void agreedByText() { }
    static void agreedInDialog() { }
    static void refusedInDialog() { }
    static void agreedByLabel() { }
    static void agreedInSwitch() { }
    static void tappedInSwitch() { }
    static void agreedInField() { }
    static void shared() { }
    static void agreedInLayout() { }
    static void direct() { }
    static void wrapped() { }
    static void turned() { }
    static void elsewhere() { }
    static void early() { }
    static void mixed() { }
    static void afterReturn() { }
    static void reflected() { }
    static void constructed() { }
    static void page() { }
    static void worked() { }
    static void custom() { }
    static void overridden() { }
    static void notMade() { }
    static void passedOn() { }
    static void counted() { }
    static void unnamed() { }
    static void inherited() { }
    static void asked() { }
    static void boxed() { }
    static void automatic() { }
    static void constant() { }
}
