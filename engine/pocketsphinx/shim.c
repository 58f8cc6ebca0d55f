#include <sphinxbase/cmn.h>
#include <sphinxbase/err.h>
#include <sphinxbase/feat.h>

#include "shim.h"

enum { most_frames = 64, most_width = 64 };

ps_decoder_t *parley_ps_open(int argc, char **argv)
{
    cmd_ln_t *config;
    ps_decoder_t *ps;

    err_set_logfp(NULL);
    config = cmd_ln_parse_r(NULL, ps_args(), argc, argv, FALSE);
    if (config == NULL)
        return NULL;
    ps = ps_init(config); /* keeps its own reference */
    cmd_ln_free_r(config);
    if (ps == NULL)
        return NULL;
    /* The model's own options say otherwise, and come last. */
    ps_get_feat(ps)->cmn = CMN_NONE;
    /* Keep all frames of the utterance: the ring of frames that it has otherwise
       is too small for the phone lookahead when many come at once as cepstra, and
       frames are lost ("outside queue"). */
    if (ps_process_cep(ps, NULL, 0, TRUE, FALSE) < 0) {
        ps_free(ps);
        return NULL;
    }
    return ps;
}

fe_t *parley_fe_open(ps_decoder_t *ps)
{
    return fe_init_auto_r(ps_get_config(ps));
}

int parley_fe_width(fe_t *fe)
{
    return fe_get_output_size(fe);
}

int parley_fe_hear(fe_t *fe, const int16 *samples, size_t n, float *cepstra, int room)
{
    mfcc_t *rows[most_frames];
    int width = fe_get_output_size(fe);
    int made = 0;

    while (n > 0) {
        size_t before = n;
        int32 frames = room - made < most_frames ? room - made : most_frames;
        int i;

        for (i = 0; i < frames; i++)
            rows[i] = cepstra + (size_t)(made + i) * width;
        if (frames <= 0 || fe_process_frames(fe, &samples, &n, rows, &frames, NULL) < 0)
            return -1;
        made += frames;
        if (n == before && frames == 0)
            break; /* it keeps what is left */
    }
    return made;
}

int parley_ps_hear(ps_decoder_t *ps, const float *cepstra, int frames, int width)
{
    mfcc_t *rows[most_frames];

    while (frames > 0) {
        int n = frames < most_frames ? frames : most_frames;
        int i;

        for (i = 0; i < n; i++)
            rows[i] = (mfcc_t *)cepstra + (size_t)i * width;
        if (ps_process_cep(ps, rows, n, FALSE, FALSE) < 0)
            return -1;
        cepstra += (size_t)n * width;
        frames -= n;
    }
    return 0;
}

void parley_ps_mean(ps_decoder_t *ps, float *mean, int width)
{
    cmn_t *cmn = ps_get_feat(ps)->cmn_struct;
    int i;

    for (i = 0; i < width && i < cmn->veclen; i++)
        mean[i] = MFCC2FLOAT(cmn->cmn_mean[i]);
}
