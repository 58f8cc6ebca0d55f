// Package turn decides who has the floor: when the user has begun to speak,
// when a turn is over, and when a sound during a reply is the user taking over
// (barge-in).
//
// It is pure: levels of 10 ms frames go in, decisions come out. It reads no
// clock, no device and no samples, and it imports nothing of ours. Time is
// counted in frames.
package turn
