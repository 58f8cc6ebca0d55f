package main

import (
	"fmt"
	"io"

	"parley/engine"
	"parley/engine/history"
	"parley/engine/lesson"
	"parley/ui"
)

// lessonFile is a kind of file that the window makes of a lesson.
type lessonFile struct {
	ui.Format
	ending string
	write  func(engine.Lesson) ([]byte, error)
}

// lessonFiles are in the order of the window's menu.
var lessonFiles = []lessonFile{
	{ui.Format{Name: "markdown", Label: "Markdown"}, ".md", func(l engine.Lesson) ([]byte, error) { return lesson.ExportMarkdown(l), nil }},
	{ui.Format{Name: "anki", Label: "Anki cards"}, ".txt", lesson.ExportAnki},
	{ui.Format{Name: "html", Label: "Web page to print"}, ".html", lesson.ExportHTML},
}

// exporter makes files of lessons.
type exporter struct{}

// Formats implements [ui.Exporter].
func (exporter) Formats() []ui.Format {
	formats := make([]ui.Format, len(lessonFiles))
	for i, f := range lessonFiles {
		formats[i] = f.Format
	}
	return formats
}

// Export implements [ui.Exporter].
func (exporter) Export(l engine.Lesson, format string) (name string, data []byte, err error) {
	for _, f := range lessonFiles {
		if f.Name == format {
			data, err = f.write(l)
			return lesson.FileName(l, f.ending), data, err
		}
	}
	return "", nil, fmt.Errorf("a lesson cannot be exported as %q", format)
}

// lessonFormats are what `parley history export lesson` can make: these files, and
// the lesson as a program wants it.
func lessonFormats() map[string]func(io.Writer, history.KeptLesson) error {
	formats := map[string]func(io.Writer, history.KeptLesson) error{"json": history.WriteLessonJSON}
	for _, f := range lessonFiles {
		formats[f.Name] = func(w io.Writer, l history.KeptLesson) error {
			data, err := f.write(l.Lesson)
			if err == nil {
				_, err = w.Write(data)
			}
			return err
		}
	}
	return formats
}
