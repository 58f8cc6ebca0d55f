package ui

import "github.com/go-gl/glfw/v3.3/glfw"

// paintFlat asks for a window without a depth buffer and a stencil buffer. Fyne
// uses neither, but has them cleared for every frame, which without a graphics card
// is a fifth of what a frame costs. It is for the time between the making of Fyne's
// first window, which begins GLFW, and its first Show, which makes GLFW's.
func paintFlat() {
	glfw.WindowHint(glfw.DepthBits, 0)
	glfw.WindowHint(glfw.StencilBits, 0)
}
