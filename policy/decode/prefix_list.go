package decode

import "private-api-blueprints/policy/model"

func (b *builder) makePrefixList(n *node) {
	entries := n.get("entries").list()
	l := &model.PrefixList{Element: n.element(), MaxEntries: n.get("maxEntries").integer()}
	if family, known := n.get("addressFamily").str().Get(); known {
		l.IPv6 = model.Of(family == "IPv6")
	} else {
		l.IPv6 = model.Unknown[bool]()
	}
	l.Ranges.Complete = !entries.open
	for _, item := range entries.items {
		l.Ranges.Items = append(l.Ranges.Items, item.field("cidr").prefix())
	}
	b.prefixLists.add(n, l)
}

func (b *builder) linkPrefixListEntry(n *node) {
	list := b.prefixLists.ref(n, "prefixListId")
	for _, l := range list.Among(b.prefixLists.all) {
		if list.Names(l) == model.True {
			l.Ranges.Items = append(l.Ranges.Items, n.get("cidr").prefix())
		} else {
			l.Ranges.Complete = false
		}
	}
}
