// Package guard is the HTTP middleware at a backend's door: who may come in, and
// how much.
//
// In: requests. Out: the requests that may pass, with the caller's credentials
// taken out of them, and refusals (401, 403, 413, 429) in the shape of OpenAI's
// errors. [Guard.Admit] stands before every route and looks at Host and Origin
// (even on loopback: a web page anywhere can have its own name point there), at the
// credentials, at the rate and at the body's size; [Guard.Session] stands before the
// routes that are held open and counts them; [Guard.ClientSecrets] is the route by
// which a server gets a short-lived secret for its own clients. [Tokens] is the file
// of those who may come in, [Connections] keeps the number of sockets bounded that
// say nothing.
//
// It logs neither credentials nor bodies. It imports engine/realtime/protocol.
// cmd/parleyd imports it.
package guard
