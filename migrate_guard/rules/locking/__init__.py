"""Rules about locks that keep others waiting while work goes on."""
