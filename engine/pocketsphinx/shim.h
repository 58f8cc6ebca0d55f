#ifndef PARLEY_POCKETSPHINX_SHIM_H
#define PARLEY_POCKETSPHINX_SHIM_H

#include <pocketsphinx.h>
#include <sphinxbase/fe.h>

/* Opens a decoder with the options in argv (name, value, name, value). The
   library's own log is switched off. NULL when it can't. */
ps_decoder_t *parley_ps_open(int argc, char **argv);

/* A front end that makes what the decoder hears: of its model's options. NULL
   when it can't. */
fe_t *parley_fe_open(ps_decoder_t *ps);

/* How many values a frame of a front end has. */
int parley_fe_width(fe_t *fe);

/* Takes samples and writes at most room frames of sound to cepstra, one after
   the other. Returns how many, or less than 0 when it can't. Silence before and
   long after speech makes no frames. */
int parley_fe_hear(fe_t *fe, const int16 *samples, size_t n, float *cepstra, int room);

/* Decodes frames, from which their mean has been taken off. */
int parley_ps_hear(ps_decoder_t *ps, const float *cepstra, int frames, int width);

/* The cepstral mean that the model brings along. */
void parley_ps_mean(ps_decoder_t *ps, float *mean, int width);

#endif
