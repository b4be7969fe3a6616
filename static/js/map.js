/* The businesses of the list on a map: areas, the more businesses the darker, and over them clusters that the
   server counts for what is in sight. The table below the map says the same without it. */
(() => {
  "use strict";

  const frame = document.getElementById("map");
  if (!frame || !window.L) return;
  const said = document.getElementById("map-said");
  said.textContent = ""; // that it needs scripts
  const words = frame.dataset;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const number = (n) => n.toLocaleString(document.documentElement.lang || undefined);

  // How many lie in each area, and where its list is: as the table has them.
  const areas = new Map();
  document.querySelectorAll("tr[data-area]").forEach((row) =>
    areas.set(row.dataset.area, {
      count: Number(row.dataset.count),
      link: row.querySelector("a"),
    }),
  );
  const most = Math.max(1, ...[...areas.values()].map((each) => each.count));

  const map = L.map(frame, {
    attributionControl: false,
    zoomControl: false,
    maxZoom: Number(words.closest),
    zoomSnap: words.tiles ? 1 : 0.25, // tiles are drawn for whole steps
    scrollWheelZoom: false, // until it has the focus: who scrolls the page is not held up
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
  });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  if (words.tiles) {
    L.control.attribution({ prefix: false }).addTo(map);
    L.tileLayer(words.tiles, { attribution: text(words.attribution), maxZoom: Number(words.closest) }).addTo(map);
  }
  const drawn = L.layerGroup().addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  function text(plain) {
    const span = document.createElement("span");
    span.textContent = plain || "";
    return span.innerHTML;
  }

  const named = (marker, name) => {
    marker.on("add", () => {
      const element = marker.getElement();
      element.setAttribute("aria-label", name);
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        marker.fire("click", { latlng: marker.getLatLng() });
      });
    });
    return marker;
  };

  const cluster = ([lat, lon, n]) => {
    const size = 30 + 6 * Math.ceil(Math.log10(n + 1));
    const icon = L.divIcon({ className: "map-cluster", html: number(n), iconSize: [size, size] });
    const marker = named(L.marker([lat, lon], { icon }), words.some.replace("%n", number(n)));
    return marker.on("click", () => {
      map.setView([lat, lon], Math.min(map.getZoom() + 2, map.getMaxZoom()));
      frame.focus({ preventScroll: true }); // the cluster itself goes
    });
  };

  const popup = (some) => {
    const list = document.createElement("ul");
    list.className = "map-popup";
    some.forEach((each) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = each.url;
      link.textContent = each.name;
      row.append(link);
      if (each.street) row.append(document.createElement("br"), each.street);
      list.append(row);
    });
    return list;
  };

  const place = ({ at, of }) => {
    const label = of.length > 1 ? String(of.length) : "";
    const icon = L.divIcon({ className: "map-place", html: label, iconSize: [24, 24] });
    const marker = named(L.marker(at, { icon }), of.map((each) => each.name).join(", "));
    marker.bindPopup(popup(of), { maxWidth: 240, autoPanPadding: [10, 10] });
    return marker.on("popupopen", () => {
      const close = frame.querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
      const link = frame.querySelector(".map-popup a");
      if (link) link.focus();
    });
  };

  let asked = null;
  const load = async (whole) => {
    if (asked) asked.abort();
    asked = new AbortController();
    const address = new URL(words.places, window.location.href);
    if (!whole) {
      const box = map.getBounds();
      const edge = (degrees, end) => Math.max(-end, Math.min(end, degrees)).toFixed(5);
      const sides = [
        edge(box.getWest(), 180),
        edge(box.getSouth(), 85),
        edge(box.getEast(), 180),
        edge(box.getNorth(), 85),
      ];
      address.searchParams.set("box", sides.join(","));
      address.searchParams.set("zoom", map.getZoom());
    }
    try {
      const answer = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.statusText);
      return await answer.json();
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = words.away;
      return null;
    }
  };

  const renew = async () => {
    const found = await load(false);
    if (!found) return;
    if (!frame.querySelector(".leaflet-popup")) {
      drawn.clearLayers();
      found.clusters.forEach((each) => cluster(each).addTo(drawn));
      found.places.forEach((each) => place(each).addTo(drawn));
    }
    said.textContent = `${words.sight} ${number(found.count)}`;
  };

  const style = (feature) => {
    const counted = areas.get(String(feature.properties.id));
    return {
      color: "#3d4551",
      weight: counted ? 1.5 : 1,
      fillColor: "#005ea2",
      fillOpacity: counted ? 0.08 + 0.4 * Math.sqrt(counted.count / most) : 0,
      interactive: Boolean(counted),
    };
  };

  const begin = async () => {
    let extent = null;
    try {
      const answer = await fetch(words.borders, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.statusText);
      const borders = await answer.json();
      const shown = { ...borders };
      shown.features = borders.features.filter(
        (each) => each.properties.kind === "district" || areas.has(String(each.properties.id)),
      );
      const layer = L.geoJSON(shown, {
        style,
        onEachFeature: (feature, area) => {
          const counted = areas.get(String(feature.properties.id));
          if (!counted || !counted.link) return;
          const tip = `${feature.properties.name}: ${number(counted.count)}`;
          area.bindTooltip(text(tip), { sticky: true });
          area.on("click", () => window.location.assign(counted.link.href));
        },
      }).addTo(map);
      const busy = layer.getLayers().filter((each) => areas.has(String(each.feature.properties.id)));
      if (busy.length) extent = L.featureGroup(busy).getBounds();
    } catch {
      said.textContent = words.away;
    }
    if (!extent) {
      const all = await load(true);
      if (all && all.box) {
        const [south, west, north, east] = all.box;
        extent = L.latLngBounds([south, west], [north, east]).pad(0.1);
      }
    }
    if (!extent) return; // nothing of the list has a position
    map.fitBounds(extent, { maxZoom: 16, animate: false });
    map.on("moveend", renew);
    map.on("popupclose", renew);
    renew();
  };

  begin();
})();
