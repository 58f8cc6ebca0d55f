#include <stdlib.h>
#include <string.h>

#include <flite/flite.h>

#include "shim.h"

cst_voice *register_cmu_us_rms(const char *voxdir);
cst_voice *register_cmu_us_slt(const char *voxdir);
cst_voice *register_cmu_us_awb(const char *voxdir);
cst_voice *register_cmu_us_kal16(const char *voxdir);

/* In Go. The second returns 0 to go on and -1 to stop. */
extern void parleyFliteTokens(uintptr_t receiver, parley_token *tokens, int n);
extern int parleyFliteAudio(uintptr_t receiver, short *samples, int n, int rate);

static cst_voice *voices[4]; /* in the order of voiceNames in Go */

void parley_flite_begin(void)
{
    flite_init();
    voices[0] = register_cmu_us_rms(NULL);
    voices[1] = register_cmu_us_slt(NULL);
    voices[2] = register_cmu_us_awb(NULL);
    voices[3] = register_cmu_us_kal16(NULL);
}

struct stream {
    uintptr_t receiver;
    int told; /* the tokens have been handed over */
};

/* A token's sound runs from the end of the segment before its first to the end
   of its last. Some tokens have words without segments: those are not spoken. */
static void token_times(cst_item *token, parley_token *out)
{
    cst_item *word;

    out->start = out->end = -1;
    for (word = item_daughter(token); word; word = item_next(word)) {
        if (!flite_path_to_item(word, "R:SylStructure.daughter1.daughter1"))
            continue;
        if (out->end < 0)
            out->start = flite_ffeature_float(word, "R:SylStructure.daughter1.daughter1.R:Segment.p.end");
        out->end = flite_ffeature_float(word, "R:SylStructure.daughtern.daughtern.R:Segment.end");
    }
}

/* Flite keeps of each token the space and punctuation it took off, so adding up
   the lengths gives back its place in the text. */
static void tell_tokens(struct stream *s, const cst_utterance *utt)
{
    cst_relation *relation;
    cst_item *token;
    parley_token *tokens;
    int n = 0, at = 0;

    relation = utt_relation((cst_utterance *)utt, "Token");
    for (token = relation_head(relation); token; token = item_next(token))
        n++;
    if (n == 0 || !(tokens = calloc(n, sizeof *tokens)))
        return;
    n = 0;
    for (token = relation_head(relation); token; token = item_next(token)) {
        at += strlen(item_feat_string(token, "whitespace"));
        tokens[n].from = at;
        at += strlen(item_feat_string(token, "prepunctuation"));
        at += strlen(item_feat_string(token, "name"));
        at += strlen(item_feat_string(token, "punc"));
        tokens[n].to = at;
        token_times(token, &tokens[n]);
        n++;
    }
    parleyFliteTokens(s->receiver, tokens, n);
    free(tokens);
}

static int on_audio(const cst_wave *w, int start, int size, int last, cst_audio_streaming_info *asi)
{
    struct stream *s = asi->userdata;

    (void)last;
    if (!s->told) {
        s->told = 1;
        if (asi->utt)
            tell_tokens(s, asi->utt);
    }
    if (parleyFliteAudio(s->receiver, w->samples + start, size, w->sample_rate) != 0)
        return CST_AUDIO_STREAM_STOP;
    return CST_AUDIO_STREAM_CONT;
}

int parley_flite_speak(int voice, const char *text, float stretch, uintptr_t receiver)
{
    struct stream s = {receiver, 0};
    cst_audio_streaming_info *asi;
    cst_utterance *utt;
    int ok;

    utt = new_utterance();
    utt_set_input_text(utt, text);
    utt_init(utt, voices[voice]);
    flite_feat_set_float(utt->features, "duration_stretch", stretch);
    asi = new_audio_streaming_info();
    asi->min_buffsize = 256;
    asi->asc = on_audio;
    asi->userdata = &s;
    flite_feat_set(utt->features, "streaming_info", audio_streaming_info_val(asi)); /* utt frees it */
    ok = utt_synth(utt) != NULL;
    delete_utterance(utt);
    return ok ? 0 : -1;
}
