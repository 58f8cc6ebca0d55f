// Package coach is the responder that stands before the others: it takes what
// concerns the lesson beside the conversation and hands on everything else.
//
// It acknowledges a lesson that was asked for and asks for whom it should be; reads
// the lesson in short portions, each with its question; quizzes, with hints before
// answers; judges answers as leniently as a recogniser needs; listens to the learner
// explaining; and asks again, by spaced review, what was learnt before.
//
// In: an [engine.Request] with the conversation's lesson. Out: short sentences to be
// spoken, new lessons to be written ([engine.Teach]), progress ([engine.Studied]), and
// effects. It keeps where the learner is, and changes that only in effects, which a
// conversation runs when a turn is committed: a reply that is prepared and thrown
// away has changed nothing.
//
// It imports engine and engine/review. cmd/ imports it.
package coach
