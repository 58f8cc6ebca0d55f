package audio

// #cgo LDFLAGS: -ldl
// #include <dlfcn.h>
// #include <time.h>
//
// // What is used of libpulse (pulse/mainloop.h, pulse/context.h), which is found
// // at run time as miniaudio does it.
// enum { CONTEXT_NOAUTOSPAWN = 1, CONTEXT_READY = 4, CONTEXT_FAILED = 5 };
//
// typedef struct {
//   void *(*mainloop_new)(void);
//   void *(*mainloop_get_api)(void *);
//   int (*mainloop_prepare)(void *, int);
//   int (*mainloop_poll)(void *);
//   int (*mainloop_dispatch)(void *);
//   void (*mainloop_free)(void *);
//   void *(*context_new)(void *, const char *);
//   int (*context_connect)(void *, const char *, int, void *);
//   int (*context_get_state)(void *);
//   void (*context_disconnect)(void *);
//   void (*context_unref)(void *);
// } libpulse;
//
// static int load(libpulse *p) {
//   void *lib = dlopen("libpulse.so.0", RTLD_NOW | RTLD_LOCAL);
//   if (lib == 0) return 0;
//   return (p->mainloop_new = dlsym(lib, "pa_mainloop_new"))
//     && (p->mainloop_get_api = dlsym(lib, "pa_mainloop_get_api"))
//     && (p->mainloop_prepare = dlsym(lib, "pa_mainloop_prepare"))
//     && (p->mainloop_poll = dlsym(lib, "pa_mainloop_poll"))
//     && (p->mainloop_dispatch = dlsym(lib, "pa_mainloop_dispatch"))
//     && (p->mainloop_free = dlsym(lib, "pa_mainloop_free"))
//     && (p->context_new = dlsym(lib, "pa_context_new"))
//     && (p->context_connect = dlsym(lib, "pa_context_connect"))
//     && (p->context_get_state = dlsym(lib, "pa_context_get_state"))
//     && (p->context_disconnect = dlsym(lib, "pa_context_disconnect"))
//     && (p->context_unref = dlsym(lib, "pa_context_unref"));
// }
//
// static long now_ms(void) {
//   struct timespec t;
//   clock_gettime(CLOCK_MONOTONIC, &t);
//   return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
// }
//
// // connects says whether a server lets us in within timeout_ms.
// static int connects(libpulse *p, int timeout_ms) {
//   int state = CONTEXT_FAILED;
//   void *loop = p->mainloop_new();
//   if (loop == 0) return 0;
//   void *context = p->context_new(p->mainloop_get_api(loop), "Parley");
//   if (context != 0) {
//     long until = now_ms() + timeout_ms;
//     if (p->context_connect(context, 0, CONTEXT_NOAUTOSPAWN, 0) >= 0)
//       while ((state = p->context_get_state(context)) < CONTEXT_READY && now_ms() < until)
//         if (p->mainloop_prepare(loop, 100000) < 0 || p->mainloop_poll(loop) < 0 || p->mainloop_dispatch(loop) < 0) break;
//     p->context_disconnect(context);
//     p->context_unref(context);
//   }
//   p->mainloop_free(loop);
//   return state == CONTEXT_READY;
// }
import "C"

import (
	"slices"
	"sync"
	"time"

	"github.com/gen2brain/malgo"
)

// What to do about a sound server, within advice.
const (
	orServer  = "start PulseAudio or PipeWire, or "
	andServer = " and that the sound server is running"
)

// pulseTimeout is how long a server may take to let us in.
const pulseTimeout = 2 * time.Second

var loadPulse = sync.OnceValue(func() *C.libpulse {
	var p C.libpulse
	if C.load(&p) == 0 {
		return nil
	}
	return &p
})

// backendsNow leaves PulseAudio out while it does not answer: miniaudio 0.11
// loses a file and 64 MB of address space with every PulseAudio context that it
// cannot connect, and waits for ever for a server that accepts and then says
// nothing. Devices are sought again every two seconds.
func backendsNow() []malgo.Backend {
	if pulseAnswers() {
		return backends
	}
	return slices.DeleteFunc(slices.Clone(backends), func(b malgo.Backend) bool {
		return b == malgo.BackendPulseaudio
	})
}

// pulseAnswers says whether there is a PulseAudio, or a PipeWire in its place,
// that lets us in.
func pulseAnswers() bool {
	p := loadPulse()
	return p != nil && C.connects(p, C.int(pulseTimeout/time.Millisecond)) != 0
}
