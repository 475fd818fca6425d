/*
 * check: cmocka with the headers that it needs before it, and what every test program uses. A test
 * program ends with CHECK_MAIN, or with a main of its own that calls check_need_isolation first.
 */
#ifndef SOCKDRILL_TESTS_CHECK_H
#define SOCKDRILL_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* After the four above, which it does not include itself. */
#include <cmocka.h>

#define CHECK_COUNT(array) (sizeof(array) / sizeof *(array))

/* Whether AddressSanitizer watches this build. */
#if defined(__SANITIZE_ADDRESS__)
#define CHECK_SANITIZED true
#elif defined(__has_feature)
#define CHECK_SANITIZED __has_feature(address_sanitizer)
#else
#define CHECK_SANITIZED false
#endif

/* What ctest takes for skipped: SKIP_RETURN_CODE in CMakeLists.txt. */
enum { CHECK_SKIPPED = 77 };

/* check_need_isolation enters the private network namespace; ends the program as skipped if that is
 * not permitted here. Call it first in main, while there is one thread.
 */
void check_need_isolation(void);

/* CHECK_MAIN(test...) runs the tests by their names. */
#define CHECK_MAIN(...)                                                                            \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
                                                                                                   \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

/* CHECK_MAIN_ISOLATED is CHECK_MAIN within a private network namespace. */
#define CHECK_MAIN_ISOLATED(...)                                                                   \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
                                                                                                   \
        check_need_isolation();                                                                    \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

/* How a child process ended. */
struct check_end {
    int status; /* as waitpid gives it */
    char *said; /* what it wrote to stderr; to be freed */
};

/*
 * check_child runs function in a child process and waits for its end, at most so many seconds; then
 * it is killed. The child exits with what function returns.
 */
struct check_end check_child(int (*function)(void *context), void *context, unsigned seconds);

/* check_exited tells whether the child exited with that code. */
bool check_exited(const struct check_end *end, int code);

/* check_died tells whether the child ended by a signal or a sanitizer's report. */
bool check_died(const struct check_end *end);

/* check_now_ms is a clock that only goes forward. */
int64_t check_now_ms(void);

/* check_descriptors counts this process's open descriptors. */
unsigned check_descriptors(void);

#endif
