#include <sphinxbase/err.h>

#include "shim.h"

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
    return ps;
}

int parley_ps_mean_length(ps_decoder_t *ps)
{
    return ps_get_feat(ps)->cmn_struct->veclen;
}

void parley_ps_mean(ps_decoder_t *ps, float *mean)
{
    cmn_t *cmn = ps_get_feat(ps)->cmn_struct;
    int i;

    for (i = 0; i < cmn->veclen; i++)
        mean[i] = MFCC2FLOAT(cmn->cmn_mean[i]);
}

void parley_ps_set_mean(ps_decoder_t *ps, const float *mean, int frames)
{
    cmn_t *cmn = ps_get_feat(ps)->cmn_struct;
    int i;

    for (i = 0; i < cmn->veclen; i++) {
        cmn->cmn_mean[i] = FLOAT2MFCC(mean[i]);
        cmn->sum[i] = cmn->cmn_mean[i] * frames;
    }
    cmn->nframe = frames;
}

void parley_ps_update_mean(ps_decoder_t *ps)
{
    cmn_live_update(ps_get_feat(ps)->cmn_struct);
}
