// Package rest is the backend's plain HTTP: OpenAI's routes for transcription,
// chat, speech and models; a spoken turn or a lesson as one request, for clients
// whose WebSocket does not get through; and the customer's own fallback,
// /api/voice-chat.
//
// In and out: HTTP requests and answers, as openapi.json (served at /openapi.json)
// describes them. Each request is on its own: it gets a [server.Mind] of its own,
// and a client that goes away ends everything that was begun for it. Errors are
// OpenAI's: {"error": {message, type, param, code}}. Who may ask, from where and
// how often is not decided here but by whoever serves the handler.
//
// It imports engine, audio/pcm, engine/realtime/protocol and
// engine/realtime/server. cmd/parleyd imports it.
package rest
