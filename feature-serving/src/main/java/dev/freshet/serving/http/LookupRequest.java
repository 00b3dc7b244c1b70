package dev.freshet.serving.http;

import java.util.List;

import dev.freshet.schemas.Id;

/**
 * What is asked for, in whatever format.
 *
 * @param users as they are asked for, also twice
 * @param features by their indexes in the catalogue, in the order asked for
 */
record LookupRequest(List<Id> users, List<Integer> features, Conditions conditions) {}
