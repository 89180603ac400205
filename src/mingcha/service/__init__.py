"""The service: casework for the public, operators and regulators, around the inspection. The only folder that knows Django."""
