"""Files that draw areas: GeoJSON, shapefiles in a zip, KML and KMZ, in any coordinates."""
