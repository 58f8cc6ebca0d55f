// Package standby goes on with a second stage when the first fails or is slow:
// with the embedded engine where the chosen service does not answer.
//
// In: two stages of one kind and what they are asked. Out: what the first
// answers, or else the second. A first stage that has failed rests, for a pause
// that grows from five seconds to a minute, and the user is told once, not each
// time. A call that was cancelled says nothing about a stage and is forgotten.
//
// It imports engine and audio/pcm only; cmd/parley puts it around services.
package standby
