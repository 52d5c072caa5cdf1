// as a simulator reads it
+incdir+src/inc
+define+DEPTH=4
src/store.v
