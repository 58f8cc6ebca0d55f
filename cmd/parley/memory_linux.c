#include <malloc.h>
#include <sys/prctl.h>

/* The C library would give every thread an arena of its own, and keep ever
 * larger blocks for later; both are made for servers and cost tens of
 * megabytes here, since the decoder and the graphics run on whatever thread
 * comes. */
#define ARENAS 2
#define MMAP_ABOVE (128 * 1024) /* bytes; returned to the system when freed */

/* How much later than asked for a thread may be woken by a timer; Linux's
 * default is 0.05 ms. What waits for a device or for another thread is woken as
 * before. */
#define SLACK_NS 500000

/* thrifty sets what must be set before there are threads, and Go starts some
 * before any init: hence a constructor.
 *
 * The slack lets the kernel wake threads in batches; each inherits it from the
 * one that starts it. Go's monitor thread asks to be woken every 0.02 ms for as
 * long as any thread may be in C, which with sound devices open is always:
 * 5,000 times a second, half of what the program costs while nobody speaks. */
__attribute__((constructor)) static void thrifty(void)
{
	mallopt(M_ARENA_MAX, ARENAS);
	mallopt(M_MMAP_THRESHOLD, MMAP_ABOVE);
	prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0);
}
