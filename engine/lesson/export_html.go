package lesson

import (
	"bytes"
	_ "embed" // the style sheet is a file
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"parley/engine"
)

//go:embed export.css
var style string

// converter turns Markdown into HTML. Links that run something lead nowhere, which is
// goldmark's default; for the rest see [harmless].
var converter = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(harmless{}, 1))),
)

// harmless renders pictures, which would be fetched from elsewhere, as the text that
// stands for them, and HTML in the text, which a lesson about HTML has, as what it is:
// text.
type harmless struct{}

func (harmless) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, nil // its children are the text
	})
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if tag, ok := n.(*ast.RawHTML); ok && entering {
			_, err := w.Write(util.EscapeHTML(tag.Segments.Value(source)))
			return ast.WalkSkipChildren, err
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		block, ok := n.(*ast.HTMLBlock)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		text := block.Lines().Value(source)
		if block.HasClosure() {
			text = append(text, block.ClosureLine.Value(source)...)
		}
		_, err := w.WriteString("<p>" + strings.TrimSpace(string(util.EscapeHTML(text))) + "</p>\n")
		return ast.WalkContinue, err
	})
}

// ExportHTML is a lesson as one HTML page that stands by itself, for reading and for
// printing: no scripts, nothing that is fetched from elsewhere. Hints and answers
// begin on a page of their own.
func ExportHTML(l engine.Lesson) ([]byte, error) {
	var page bytes.Buffer
	page.WriteString("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + html.EscapeString(title(l)) + "</title>\n<style>\n" + style + "</style>\n</head>\n<body>\n")
	if err := converter.Convert(ExportMarkdown(l), &page); err != nil {
		return nil, fmt.Errorf("lesson: make HTML: %w", err)
	}
	page.WriteString("</body>\n</html>\n")
	return page.Bytes(), nil
}

// inline is Markdown as HTML without a line break in it, for a field of a card.
func inline(markdown string) (string, error) {
	var out bytes.Buffer
	if err := converter.Convert([]byte(markdown), &out); err != nil {
		return "", fmt.Errorf("lesson: make HTML: %w", err)
	}
	text := strings.TrimSpace(out.String())
	if inside, ok := strings.CutPrefix(text, "<p>"); ok && strings.Count(text, "<p>") == 1 {
		if inside, ok = strings.CutSuffix(inside, "</p>"); ok {
			text = inside
		}
	}
	space := " "
	if strings.Contains(text, "<pre>") {
		space = "<br>"
	}
	return strings.NewReplacer("\n", space, "\r", "", "\t", " ").Replace(text), nil
}
