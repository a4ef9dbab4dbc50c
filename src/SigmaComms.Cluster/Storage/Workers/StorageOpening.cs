using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>All that is open of a node's fragment store: the lock, the index, the volumes.</summary>
/// <remarks>Opening waits for the disk on the caller's thread.</remarks>
internal sealed class StorageOpening : IDisposable
{
    private const string LockName = "storage.lock";

    private readonly StorageDesk _desk;
    private readonly IDisposable _lock;
    private readonly List<OpenedVolume> _volumes = [];
    private readonly List<int> _gone = [];

    private StorageOpening(StorageDesk desk, IDisk disk, IDisposable held, IFragmentIndex index)
    {
        _desk = desk;
        Disk = disk;
        _lock = held;
        Index = index;
    }

    /// <summary>Where the volumes are.</summary>
    public IDisk Disk { get; }

    /// <summary>The index; it names all that is in the volumes.</summary>
    public IFragmentIndex Index { get; }

    /// <summary>The volumes that can be used.</summary>
    public IReadOnlyList<OpenedVolume> Volumes => _volumes;

    /// <summary>Numbers of volumes whose fragments are lost.</summary>
    public IReadOnlyList<int> Gone => _gone;

    /// <summary>The highest number of a volume that there is or was.</summary>
    public int NumberMax { get; private set; }

    /// <summary>Opens what is there, or begins.</summary>
    /// <exception cref="IOException">The disk failed, or another process has it.</exception>
    /// <exception cref="JournalException">The index cannot be used.</exception>
    public static StorageOpening Open(StorageDesk desk)
    {
        IDisk disk = desk.Boundaries.OpenDisk();
        IDisposable held = disk.Lock(LockName);
        StorageOpening? opening = null;
        bool isOpen = false;
        try
        {
            opening = new StorageOpening(desk, disk, held, OpenIndex(desk));
            opening.OpenVolumes();
            isOpen = true;
            return opening;
        }
        finally
        {
            if (!isOpen)
            {
                opening?.Dispose();
                held.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OpenedVolume volume in _volumes)
        {
            volume.File.Dispose();
        }

        Index.Dispose();
        _lock.Dispose();
    }

    private static IFragmentIndex OpenIndex(StorageDesk desk)
    {
        if (desk.IndexIsDamaged)
        {
            desk.Boundaries.DropIndex();
            desk.IndexIsDamaged = false;
        }

        try
        {
            return desk.Boundaries.OpenIndex();
        }
        catch (JournalException damage) when (damage.Reason == JournalFailure.Corrupt)
        {
            desk.Logger.IndexDamaged(damage.Message);
            desk.Boundaries.DropIndex();
            return desk.Boundaries.OpenIndex();
        }
    }

    private void OpenVolumes()
    {
        Dictionary<int, IndexedVolume> known = Index.Volumes().ToDictionary(volume => volume.Number);
        HashSet<int> there = [];
        foreach (string name in Disk.ListNames())
        {
            if (VolumeLayout.IsUnfinished(name))
            {
                Disk.Delete(name);
            }
            else if (VolumeLayout.TryParse(name, out int number))
            {
                NumberMax = Math.Max(NumberMax, number);
                if (TryOpen(number, known.GetValueOrDefault(number)))
                {
                    there.Add(number);
                }
            }
        }

        foreach (int number in known.Keys.Where(number => !there.Contains(number)))
        {
            NumberMax = Math.Max(NumberMax, number);
            SetGone(number, "its file is missing or damaged");
        }
    }

    private bool TryOpen(int number, IndexedVolume? known)
    {
        VolumeFile? file;
        try
        {
            file = VolumeFile.Open(Disk, number, _desk.Key, _desk.Random);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The others go on; this one is tried again when the storage is opened next.
            _desk.Logger.VolumeFailed($"{VolumeLayout.NameOf(number)}: {failure.Message}");
            return false;
        }

        if (file is null)
        {
            _desk.Logger.VolumeFailed($"{VolumeLayout.NameOf(number)}: neither of its headers is whole");
            return false;
        }

        try
        {
            bool isFilled = Enter(file, known);
            _volumes.Add(new OpenedVolume(
                file, new VolumeSpace(number, file.Header.SizeBytes, isFilled, Index.PlacesOf(number))));
            return true;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes the index know all that is in a volume.</summary>
    /// <returns>Whether all of it was filled once.</returns>
    private bool Enter(VolumeFile file, IndexedVolume? known)
    {
        int number = file.Header.Number;
        if (known is not null && known.Id != file.Header.Id)
        {
            known = new IndexedVolume(number, file.Header.Id, IsFilled: false, VolumeLayout.BlockSize);
            Index.ReplaceVolume(known);
            NoteGone(number, "its file is another volume");
        }

        Index.SetGone(number, isGone: false);
        if (known is { ScanAt: null })
        {
            return known.IsFilled;
        }

        VolumeScan scan = new(file, Index);
        scan.Run(known?.ScanAt ?? VolumeLayout.BlockSize);
        if (scan.Entered > 0 || known is not null)
        {
            _desk.Logger.VolumeScanned(number, scan.Entered, scan.Damaged);
        }

        return false;
    }

    private void SetGone(int number, string problem)
    {
        Index.SetGone(number, isGone: true);
        NoteGone(number, problem);
    }

    private void NoteGone(int number, string problem)
    {
        _desk.Logger.VolumeIsGone(number, problem);
        _gone.Add(number);
    }
}
