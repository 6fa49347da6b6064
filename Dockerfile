# The control plane. Build it first (./sluice build), then: docker build -t sluice .
# Any image with a shell and a Java 25 on the PATH serves as the base.
ARG BASE_IMAGE=eclipse-temurin:25-jre
FROM ${BASE_IMAGE}

COPY src/control-plane/target/dist /opt/sluice
USER 10001
# Beyond its own loopback the control plane starts only with SLUICE_ADMIN_TOKEN set.
ENV SLUICE_BIND=0.0.0.0
EXPOSE 5681 5678
ENTRYPOINT ["/opt/sluice/bin/sluice-control-plane"]
