"""TIM: the hour and the day at which a mail reaches each of its recipients, by their own clock."""
