"""Performance (项目绩效评价): the evaluation of a purchased project, with its clients' satisfaction."""
