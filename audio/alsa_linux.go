package audio

// #cgo pkg-config: alsa
// #include <alsa/asoundlib.h>
//
// static void say_nothing(const char *file, int line, const char *function, int err, const char *fmt, ...) {}
// static void quieten(void) { snd_lib_error_set_handler(say_nothing); }
import "C"

// ALSA writes dozens of lines to standard error whenever a device cannot be
// opened, which is tried every two seconds while there is none. The errors
// themselves are returned to us.
func init() { C.quieten() }
