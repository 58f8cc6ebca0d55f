// Package review says when a card that was answered should be asked again: spaced
// repetition after FSRS-5, by its authors' Go module.
//
// In: a [Card] (how well something is remembered) and a [Grade] (how well it was
// answered now). Out: the card as it is now, with the time it is due. It is pure: no
// clock, nothing stored.
//
// FSRS models a memory by its difficulty and its stability, the days until the chance
// to recall it has fallen to 90 % (J. Ye et al., "A Stochastic Shortest Path Algorithm
// for Optimizing Spaced Repetition Scheduling", KDD 2022; the formulas are at
// https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm).
//
// It imports nothing of ours. engine/coach imports it.
package review
