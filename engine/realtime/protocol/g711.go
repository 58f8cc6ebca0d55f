package protocol

import "math/bits"

// G.711 (ITU-T, 1988): 8 bits a sample, logarithmic in eight segments.

var muLawTable, aLawTable = tables()

func tables() (mu, a [256]int16) {
	for i := range 256 {
		b := byte(i)
		// μ-law: the bits are inverted; 4 bits of step in a segment that begins at
		// 33 << segment, all shifted by 33.
		u := ^b
		v := (int(u&0x0f)<<3+0x84)<<(u>>4&7) - 0x84
		if u&0x80 != 0 {
			v = -v
		}
		mu[i] = int16(v) //nolint:gosec // at most 32124
		// A-law: even bits are inverted; the lowest segment is linear.
		x := b ^ 0x55
		segment := x >> 4 & 7
		v = int(x&0x0f)<<4 + 8
		if segment > 0 {
			v = (v + 0x100) << (segment - 1)
		}
		if x&0x80 == 0 {
			v = -v
		}
		a[i] = int16(v) //nolint:gosec // at most 32256
	}
	return mu, a
}

// muLaw writes a sample in μ-law.
func muLaw(s int16) byte {
	v, sign := int(s), byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, 32635) + 0x84
	segment := bits.Len(uint(v)) - 8 //nolint:gosec // positive
	return ^(sign | byte(segment)<<4 | byte(v>>(segment+3)&0x0f))
}

// aLaw writes a sample in A-law.
func aLaw(s int16) byte {
	v, sign := int(s), byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	segment := max(0, bits.Len(uint(v))-8) //nolint:gosec // not negative
	step := v >> 4
	if segment > 0 {
		step = v >> (segment + 3)
	}
	return (sign | byte(segment)<<4 | byte(step&0x0f)) ^ 0x55
}
