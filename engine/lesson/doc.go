// Package lesson writes lessons, and exports them.
//
// A lesson is an [engine.Plan], checked by [Validate] and shown as [Markdown], section
// by section ([Sections]). Two teachers make one: [Builder], from the dictionaries on
// this computer and nothing else, and [ModelTeacher], by a language model that is held
// to a schema. [Fallback] turns from one to the other.
//
// [ExportMarkdown], [ExportHTML] and [ExportAnki] are a lesson for elsewhere.
//
// In: requests for lessons, a model's answers. Out: [engine.Plan] values, Markdown in pieces, files. It imports engine, and engine/wordnet
// for its types; what it reads engine/dictd with is an interface. cmd/ imports it.
package lesson
