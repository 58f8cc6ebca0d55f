package mcp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// What servers may say at most, in bytes, and how many tools one may have.
const (
	toolsMost       = 64
	nameMost        = 64 // of a function's name, as OpenAI has it
	descriptionMost = 1 << 10
	schemaMost      = 16 << 10
	textMost        = 16 << 10
)

// describe is a tool as the model is told of it; false where it cannot be offered.
func describe(server string, t *sdk.Tool) (Tool, bool) {
	schema, err := json.Marshal(t.InputSchema)
	if _, object := t.InputSchema.(map[string]any); err != nil || !object || len(schema) > schemaMost || t.Name == "" {
		return Tool{}, false
	}
	one := Tool{
		Name:        toolName(server, t.Name),
		Server:      server,
		Title:       clean(t.Title, 2*nameMost),
		Description: clean(t.Description, descriptionMost),
		Schema:      schema,
		Changes:     t.Annotations == nil || !t.Annotations.ReadOnlyHint,
		original:    t.Name,
	}
	if one.Title == "" {
		one.Title = clean(t.Name, 2*nameMost)
	}
	return one, true
}

// toolName is server_tool in the letters that a function's name may have. Where
// something had to be changed, a few letters at its end keep it apart from others.
func toolName(server, tool string) string {
	whole := server + "_" + tool
	name := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, whole)
	if name == whole && len(name) <= nameMost {
		return name
	}
	sum := sha256.Sum256([]byte(whole))
	mark := "_" + hex.EncodeToString(sum[:4])
	return name[:min(len(name), nameMost-len(mark))] + mark
}

// read is a result as text.
func read(r *sdk.CallToolResult) Result {
	if r.NeedsInput() {
		return Result{Text: "The tool asks for something that cannot be given here.", Failed: true}
	}
	var text strings.Builder
	for _, c := range r.Content {
		if text.Len() > textMost {
			break
		}
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		switch c := c.(type) {
		case *sdk.TextContent:
			text.WriteString(c.Text)
		case *sdk.EmbeddedResource:
			if c.Resource != nil && c.Resource.Text != "" {
				text.WriteString(c.Resource.Text)
			} else {
				text.WriteString("[a file]")
			}
		case *sdk.ResourceLink:
			text.WriteString(c.Name + " <" + c.URI + ">")
		case *sdk.ImageContent:
			text.WriteString("[an image]")
		case *sdk.AudioContent:
			text.WriteString("[a sound]")
		default:
			text.WriteString("[something that is no text]")
		}
	}
	if text.Len() == 0 && r.StructuredContent != nil {
		if structured, err := json.Marshal(r.StructuredContent); err == nil {
			text.Write(structured)
		}
	}
	return Result{Text: clean(text.String(), textMost), Failed: r.IsError}
}

// clean is text without what cannot be shown, cut to so many bytes.
func clean(text string, most int) string {
	const cut = "…"
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if len(text) <= most {
		return text
	}
	end := most - len(cut)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + cut
}
