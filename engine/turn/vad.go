package turn

// The VAD's constants. Margins are over the noise floor, in dB; +9 was measured
// to start on speech after 27 to 60 ms and not at all on white or pink noise.
const (
	onMargin  = 9.0 // a frame this far above the floor is voice
	offMargin = 6.0 // voice goes on down to here

	lowestFloor  = -62.0 // dBFS; below this a rise means nothing (digital silence, dithering)
	initialFloor = -56.0 // assumed until there is something to measure

	// The floor is the minimum over the last floorBlocks × blockFrames, two
	// seconds: speech, even without pauses, comes down to the room's noise more
	// often than that, and a fan that is switched on becomes floor in that time
	// (minimum statistics, after R. Martin, 2001, in its simplest form).
	blockFrames = 20
	floorBlocks = 10
	// The minimum of a noise lies below its mean; this brings it back.
	floorBias = 1.5
)

// vad tells voice from background by level alone, against a floor that adapts.
type vad struct {
	blocks   [floorBlocks]float64 // minima, oldest at next
	next     int
	inBlock  int
	blockMin float64
	smooth   float64
	active   bool
}

func newVAD() vad {
	v := vad{blockMin: 0, smooth: initialFloor}
	for i := range v.blocks {
		v.blocks[i] = initialFloor
	}
	return v
}

// floor is the background's level, in dBFS.
func (v *vad) floor() float64 {
	m := v.blocks[0]
	for _, b := range v.blocks[1:] {
		m = min(m, b)
	}
	return max(lowestFloor, m+floorBias)
}

// step takes a frame's level and says whether it is voice. atLeast is a level
// below which nothing counts as voice.
func (v *vad) step(level, atLeast float64) bool {
	// Over three frames: a single quiet frame inside noise is not its floor.
	v.smooth += (level - v.smooth) / 3
	v.blockMin = min(v.blockMin, v.smooth)
	if v.inBlock++; v.inBlock == blockFrames {
		v.blocks[v.next] = v.blockMin
		v.next = (v.next + 1) % floorBlocks
		v.inBlock, v.blockMin = 0, 0
	}
	margin := onMargin
	if v.active {
		margin = offMargin
	}
	v.active = level > max(v.floor()+margin, atLeast)
	return v.active
}
