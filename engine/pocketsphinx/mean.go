package pocketsphinx

// memory is what the mean of earlier utterances counts for, in frames of 10 ms,
// when this utterance is averaged in. PocketSphinx would have 500, and wait for
// the utterance's end.
const memory = 100

// normalizer takes the mean off the cepstra: what of the sound is the microphone
// and the room. The mean goes along with the utterance.
type normalizer struct {
	mean   []float32 // that is taken off now
	sum    []float64
	frames int
}

// newNormalizer begins with the mean of earlier utterances.
func newNormalizer(prior []float32) *normalizer {
	n := &normalizer{mean: make([]float32, len(prior)), sum: make([]float64, len(prior)), frames: memory}
	for i, v := range prior {
		n.mean[i] = v
		n.sum[i] = float64(v) * memory
	}
	return n
}

// hear averages frames in, for the next update.
func (n *normalizer) hear(frames []float32) {
	width := len(n.mean)
	for f := 0; f < len(frames); f += width {
		if frames[f] < 0 {
			continue // no sound at all: digital silence
		}
		for i := range width {
			n.sum[i] += float64(frames[f+i])
		}
		n.frames++
	}
}

// update takes what was heard into the mean.
func (n *normalizer) update() {
	for i := range n.mean {
		n.mean[i] = float32(n.sum[i] / float64(n.frames))
	}
}

// normal appends frames without the mean to out.
func (n *normalizer) normal(frames, out []float32) []float32 {
	width := len(n.mean)
	for i, v := range frames {
		out = append(out, v-n.mean[i%width])
	}
	return out
}
