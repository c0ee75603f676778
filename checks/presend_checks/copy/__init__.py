"""CPY: spelling, leftovers and doubled words in what everybody reads."""
