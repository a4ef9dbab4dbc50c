namespace SigmaComms.Bench.Vaults.Gluster;

/// <summary>
/// What runs in namespaces of its own: mounts, processes and network. All of it is gone when its first process ends.
/// </summary>
internal static class GlusterScript
{
    /// <summary>
    /// For bash. First argument: a private folder. Second: where Debian's packages were unpacked; empty if they are
    /// installed. Says "ready" when the volume is mounted, and ends when its input does.
    /// </summary>
    public const string Text = """
        set -eu
        folder=$1
        unpacked=$2
        exec 3>&1 1>&2
        mount --make-rprivate /
        if [ -n "$unpacked" ]; then
          mount -t overlay -o "lowerdir=$unpacked/usr:/usr" none /usr
          mount -t overlay -o "lowerdir=$unpacked/etc:/etc" none /etc
          export LD_LIBRARY_PATH="$unpacked/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu"
        fi
        for place in /run /var/lib /var/log; do
          # The private folder may lie below.
          case "$folder/" in "$place"/*) echo "--folder must not be below $place" >&2; exit 1 ;; esac
          mount -t tmpfs none "$place"
        done
        mkdir -p /var/lib/glusterd /var/log/glusterfs/bricks /run/gluster "$folder/mount"
        ip link set lo up
        trap 'tail -n 20 /var/log/glusterfs/*.log >&2' ERR
        cat > "$folder/glusterd.vol" <<VOLUME
        volume management
          type mgmt/glusterd
          option working-directory /var/lib/glusterd
          option transport-type socket
          option transport.socket.listen-port 24007
        end-volume
        VOLUME
        glusterd -f "$folder/glusterd.vol"
        tries=0
        until gluster --mode=script pool list > /dev/null 2>&1; do
          tries=$((tries + 1)); [ $tries -lt 200 ]; sleep 0.3
        done
        bricks=
        for i in 1 2 3 4 5 6; do
          mkdir "$folder/brick$i"
          # The command line takes no 127.0.0.1.
          bricks="$bricks 127.0.0.2:$folder/brick$i/data"
        done
        # shellcheck disable=SC2086
        gluster --mode=script volume create bench disperse 6 redundancy 2 $bricks force
        gluster --mode=script volume start bench
        glusterfs --volfile-server=127.0.0.1 --volfile-id=bench "$folder/mount"
        tries=0
        until grep -q " $folder/mount fuse.glusterfs" /proc/mounts && touch "$folder/mount/probe"; do
          tries=$((tries + 1)); [ $tries -lt 200 ]; sleep 0.3
        done
        rm "$folder/mount/probe"
        echo ready >&3
        read -r _ || true
        """;
}
