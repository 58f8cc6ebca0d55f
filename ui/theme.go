package ui

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"parley/engine/settings"
)

// The window's own colours, beside Fyne's. Values are in [tokens].
const (
	colSide          fyne.ThemeColorName = "parleySide"
	colCard          fyne.ThemeColorName = "parleyCard"
	colBubble        fyne.ThemeColorName = "parleyBubble"
	colInk           fyne.ThemeColorName = "parleyInk"
	colMuted         fyne.ThemeColorName = "parleyMuted"
	colFaint         fyne.ThemeColorName = "parleyFaint" // only for what is not yet certain or not yet said
	colLine          fyne.ThemeColorName = "parleyLine"
	colEdge          fyne.ThemeColorName = "parleyEdge" // of what is typed into or ticked; a button that does nothing now
	colAccent        fyne.ThemeColorName = "parleyAccent"
	colAccentSoft    fyne.ThemeColorName = "parleyAccentSoft"
	colThinking      fyne.ThemeColorName = "parleyThinking"
	colAttention     fyne.ThemeColorName = "parleyAttention"
	colAttentionSoft fyne.ThemeColorName = "parleyAttentionSoft"
	colSpoken        fyne.ThemeColorName = "parleySpoken" // behind the word being spoken
)

// tokens are the colours of design/window, light and dark.
var tokens = map[fyne.ThemeColorName][2]color.NRGBA{
	theme.ColorNameBackground: {hex(0xFAF9F6), hex(0x171817)},
	colSide:                   {hex(0xF2F0EB), hex(0x1D1F1E)},
	colCard:                   {hex(0xFFFFFF), hex(0x232524)},
	colBubble:                 {hex(0xEDEAE4), hex(0x2A2D2B)},
	colInk:                    {hex(0x1D1C1A), hex(0xECEAE5)},
	colMuted:                  {hex(0x6A665F), hex(0xA39F97)},
	colFaint:                  {hex(0x6D6962), hex(0x9A968E)},
	colLine:                   {hex(0xE4E0D8), hex(0x30322F)},
	colEdge:                   {hex(0x86827A), hex(0x807C75)},
	colAccent:                 {hex(0x0E6E63), hex(0x5CC8B5)},
	colAccentSoft:             {hex(0xDCEFEA), hex(0x18332E)},
	colThinking:               {hex(0x5B4BB7), hex(0xA79BF0)},
	colAttention:              {hex(0x9F4915), hex(0xF0A36B)},
	colAttentionSoft:          {hex(0xF8E7DA), hex(0x3A291D)},
	colSpoken:                 {hex(0xFBE3A6), hex(0x5A4A1E)},
}

// alias gives Fyne's own widgets the window's colours.
var alias = map[fyne.ThemeColorName]fyne.ThemeColorName{
	theme.ColorNameForeground:        colInk,
	theme.ColorNamePrimary:           colAccent,
	theme.ColorNameHyperlink:         colAccent,
	theme.ColorNameSelection:         colAccentSoft,
	theme.ColorNamePlaceHolder:       colMuted,
	theme.ColorNameDisabled:          colMuted,
	theme.ColorNameInputBackground:   colCard,
	theme.ColorNameInputBorder:       colEdge,
	theme.ColorNameSeparator:         colLine,
	theme.ColorNameButton:            colCard,
	theme.ColorNameMenuBackground:    colCard,
	theme.ColorNameOverlayBackground: colCard,
	theme.ColorNameHeaderBackground:  colSide,
	theme.ColorNameHover:             colBubble,
	theme.ColorNamePressed:           colLine,
	theme.ColorNameError:             colAttention,
	theme.ColorNameWarning:           colAttention,
	theme.ColorNameSuccess:           colAccent,

	theme.ColorNameForegroundOnPrimary: theme.ColorNameBackground,
	theme.ColorNameForegroundOnError:   theme.ColorNameBackground,
	theme.ColorNameForegroundOnWarning: theme.ColorNameBackground,
	theme.ColorNameForegroundOnSuccess: theme.ColorNameBackground,
}

func hex(rgb uint32) color.NRGBA {
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xFF}
}

// paper is the window's theme: quiet like paper, one accent. Fonts and icons
// are Fyne's.
type paper struct {
	look  settings.Theme
	scale float32 // of text, 1 is normal
	guess bool    // whether the desktop is dark is not known: then it is taken for light
}

// newPaper is the theme as the settings have it.
func newPaper(s settings.Settings) paper {
	return paper{look: s.Theme, scale: float32(min(max(s.TextSize, settings.MinText), settings.MaxText)) / 100}
}

func (p paper) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch {
	case p.look == settings.Dark:
		v = theme.VariantDark
	case p.look == settings.Light, p.guess:
		v = theme.VariantLight
	}
	if name == theme.ColorNameFocus { // Fyne lays it over what has the focus
		focus := p.Color(colAccent, v).(color.NRGBA)
		focus.A = 0x40
		return focus
	}
	if own, ok := alias[name]; ok {
		name = own
	}
	pair, ok := tokens[name]
	switch {
	case !ok:
		return theme.DefaultTheme().Color(name, v)
	case v == theme.VariantDark:
		return pair[1]
	default:
		return pair[0]
	}
}

func (p paper) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return crisp(14 * p.scale)
	case theme.SizeNameCaptionText:
		return crisp(12 * p.scale)
	case theme.SizeNameSubHeadingText:
		return crisp(17 * p.scale)
	case theme.SizeNameHeadingText:
		return crisp(20 * p.scale)
	case theme.SizeNameInlineIcon: // and so boxes to tick
		return whole(20 * min(p.scale, 1.5))
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 8
	case theme.SizeNameScrollBar:
		return 9
	case theme.SizeNameScrollBarRadius:
		return 4
	}
	return theme.DefaultTheme().Size(name)
}

// crisp is the whole size of type nearest below size whose descenders Fyne 2.7
// does not cut off. Fyne sets the baseline at the ascent rounded up to whole
// pixels, but makes the picture of a text only as high as its unrounded line:
// where much is rounded up, the feet of letters fall outside (at 15 and 16, not
// at 14 and 17).
func crisp(size float32) float32 {
	const ascent, descent, slack = 1.069, .293, .3 // of Fyne's font, Noto Sans, per em; pixels
	ceil := func(x float32) float32 { return float32(math.Ceil(float64(x))) }
	s := whole(size)
	for s > 10 && ceil(s*ascent)+s*descent > ceil(s*(ascent+descent))+slack {
		s--
	}
	return s
}

func (p paper) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

func (p paper) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }
