#ifndef PARLEY_FLITE_SHIM_H
#define PARLEY_FLITE_SHIM_H

#include <stdint.h>

/* One flite token: the bytes of the text it was made of, and when it is spoken,
   in seconds from the utterance's first sample. end < 0: it is not spoken. */
typedef struct {
    int from, to;
    float start, end;
} parley_token;

/* Registers the voices. Call once, before anything else. */
void parley_flite_begin(void);

/* Says text (printable ASCII) and returns when all is said or the receiver has
   had enough. The receiver, parleyFliteTokens and parleyFliteAudio in Go, is
   told the tokens once, before the first sample. Returns 0, or -1 when flite
   failed. One call at a time: flite counts references without locks. */
int parley_flite_speak(int voice, const char *text, float stretch, uintptr_t receiver);

#endif
