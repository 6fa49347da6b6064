package io.sluice.resources.document;

import tools.jackson.databind.node.ObjectNode;

/**
 * One document of a stream.
 *
 * @param number counted from 1, empty documents left out
 * @param start where its text begins
 * @param tree its content
 */
public record Document(int number, Position start, ObjectNode tree) {}
