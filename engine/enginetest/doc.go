// Package enginetest is how the engine's rooms are tested: conversations
// written as scores, stages that play them in virtual time, the laws that hold
// in every conversation, and the conformance suite that every
// [engine.Session] passes.
//
// In: a [Score] and a way to make a Session. Out: what happened, and which laws
// it broke. Tests import it; nothing else does.
package enginetest
