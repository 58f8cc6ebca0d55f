// Package openai speaks to every service with OpenAI's programming interface: to
// OpenAI itself, and to the servers on one's own machine that copy it (ollama,
// llama.cpp, LM Studio, LocalAI, vLLM, whisper.cpp, speaches, Kokoro-FastAPI).
//
// A [Service] says where one is. On it stand a [Responder] (streaming chat with
// tools), a [Transcriber], a [Synthesizer] and a [Completer] (text for whoever
// asks, as a lesson does); [Models] lists what a service has.
//
// In: what [engine] hands its stages, and tools ([Toolbox]). Out: what engine
// takes from its stages, and errors of one sentence for the user, told apart by
// errors.Is (see [ErrRefused] and those beside it). Nothing is sent but to the
// base URL given, redirects are not followed, and keys stand in no error, no log
// and no value that is printed.
//
// It imports engine and audio/pcm. cmd/ imports it.
package openai
