#ifndef PARLEY_POCKETSPHINX_SHIM_H
#define PARLEY_POCKETSPHINX_SHIM_H

#include <pocketsphinx.h>

/* Opens a decoder with the options in argv (name, value, name, value). The
   library's own log is switched off. NULL when it can't. */
ps_decoder_t *parley_ps_open(int argc, char **argv);

/* How many values a cepstral mean has. */
int parley_ps_mean_length(ps_decoder_t *ps);

/* The cepstral mean that is subtracted from every frame of sound. */
void parley_ps_mean(ps_decoder_t *ps, float *mean);

/* Sets the mean, to count as much as this many frames of sound when what is
   heard next is averaged in. */
void parley_ps_set_mean(ps_decoder_t *ps, const float *mean, int frames);

/* Takes what was heard so far into the mean at once; by itself the decoder does
   so at the end of an utterance. */
void parley_ps_update_mean(ps_decoder_t *ps);

#endif
