// Package stock proves that clients which are not ours work with parleyd: OpenAI's own,
// for JavaScript (npm openai and @openai/agents-realtime, in clients) and for Go
// (openai-go, in .ci/stock/openai-go, a module of its own since it wants newer versions
// of what the window is built with). It holds tests only.
//
// In: the built `parleyd serve` with the embedded engines, on loopback, and questions
// spoken by the embedded voice. Out: what each client understood, as lines of JSON that
// it prints, and, from a tap between the two, everything that parleyd sent. The
// versions are pinned in .ci/stock.
package stock
