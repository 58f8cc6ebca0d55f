#include <sys/prctl.h>

/* How much later than asked for a thread may be woken by a timer; Linux's
 * default is 0.05 ms. What waits for a device or for another thread is woken as
 * before. */
#define SLACK_NS 500000

/* patient lets the kernel wake this program's threads in batches. Go's monitor
 * thread asks to be woken every 0.02 ms for as long as any thread may be in C,
 * which with sound devices open is always: 5,000 times a second, half of what
 * the program costs while nobody speaks. Threads inherit the slack from the
 * one that starts them, and Go starts its monitor before any init: hence a
 * constructor. */
__attribute__((constructor)) static void patient(void)
{
	prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0);
}
