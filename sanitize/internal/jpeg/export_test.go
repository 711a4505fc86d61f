package jpeg

// AppNames lists the paths that the table of apps can give.
func AppNames() (names []string) {
	for _, a := range apps {
		names = append(names, "jpeg/"+a.name)
	}
	return names
}
