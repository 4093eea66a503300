Attribute VB_Name = "KQIShell"
' Stands in for macros/KQIShell.bas in LibreOffice. Windows is a folder beside the workbook: drive
' C: is its drive_c, \\server\share its unc/server/share, its variables stand in variables.txt.
' Files beside the workbook hold what was told and run, for the test to read.
Option Explicit

Public Function Ping() As String
    Ping = "KQIShell double"
End Function

Public Function OnWindows() As Boolean
    OnWindows = True
End Function

Public Function WindowHandle() As String
    WindowHandle = "65538"
End Function

Public Sub Tell(ByVal text As String)
    WriteText Beside("told.txt"), text
End Sub

Public Function Expanded(ByVal text As String) As String
    Dim line As Variant, at As Long
    For Each line In Split(TextOf(Beside("variables.txt")), vbLf)
        at = InStr(line, "=")
        If at > 0 Then text = Replace(text, "%" & Left(line, at - 1) & "%", Mid(line, at + 1))
    Next line
    Expanded = text
End Function

Public Function FileExists(ByVal path As String) As Boolean
    FileExists = Disk.exists(OnDisk(path))
End Function

Public Sub MakeFolder(ByVal folder As String)
    Disk.createFolder OnDisk(folder)
End Sub

Public Sub DeleteFile(ByVal path As String)
    If Disk.exists(OnDisk(path)) Then Disk.kill OnDisk(path)
End Sub

Public Function ReadText(ByVal path As String) As String
    Dim stream As Object, bytes() As Integer, count As Long, at As Long
    If Not FileExists(path) Then Exit Function
    Set stream = Disk.openFileRead(ConvertToURL(OnDisk(path)))
    count = stream.readBytes(bytes, Disk.getSize(ConvertToURL(OnDisk(path))))
    stream.closeInput
    For at = 2 To count - 2 Step 2
        ReadText = ReadText & ChrW((bytes(at) And 255) + 256 * (bytes(at + 1) And 255))
    Next at
End Function

Public Function TableRange(ByVal book As Object, ByVal tableName As String) As Object
    Dim tables As Object, area As Object, sheet As Object
    Set tables = ThisComponent.DatabaseRanges
    If Not tables.hasByName(tableName) Then Exit Function
    area = tables.getByName(tableName).DataArea
    Set sheet = book.Worksheets(area.Sheet + 1)
    Set TableRange = sheet.Range(sheet.Cells(area.StartRow + 1, area.StartColumn + 1), _
        sheet.Cells(area.EndRow + 1, area.EndColumn + 1))
End Function

' Starts the program and hands on messages until it has ended, as WScript.Shell's Run does.
Public Function RunAndWait(ByVal commandLine As String, ByVal folder As String) As Long
    WriteText Beside("command.txt"), commandLine
    WriteText Beside("folder.txt"), OnDisk(folder)
    If Disk.exists(Beside("forbidden")) Then Err.Raise 70, "KQIShell", "Permission denied"
    Shell Beside("windows"), 0, "", False
    Do Until Disk.exists(Beside("exit_code.txt"))
        Wait 20
    Loop
    RunAndWait = CLng(TextOf(Beside("exit_code.txt")))
End Function

' What a workbook that was never saved is told.
Public Function ProblemOfNewBook() As String
    ProblemOfNewBook = KQIRefresh.ProblemOfBook(Workbooks.Add)
End Function

Private Function Beside(ByVal name As String) As String
    Dim url As String
    url = ThisComponent.URL
    Do Until Right(url, 1) = "/"
        url = Left(url, Len(url) - 1)
    Loop
    Beside = ConvertFromURL(url & name)
End Function

Private Function OnDisk(ByVal path As String) As String
    If Left(path, 2) = "\\" Then path = Beside("unc") & Mid(path, 2)
    If Left(path, 2) = "C:" Then path = Beside("drive_c") & Mid(path, 3)
    OnDisk = Replace(path, "\", "/")
End Function

Private Function Disk() As Object
    Set Disk = createUnoService("com.sun.star.ucb.SimpleFileAccess")
End Function

Private Sub WriteText(ByVal path As String, ByVal text As String)
    Dim stream As Object
    Set stream = createUnoService("com.sun.star.io.TextOutputStream")
    If Disk.exists(path) Then Disk.kill path
    stream.setOutputStream Disk.openFileWrite(ConvertToURL(path))
    stream.setEncoding "UTF-8"
    stream.writeString text
    stream.closeOutput
End Sub

Private Function TextOf(ByVal path As String) As String
    Dim stream As Object, noLimits() As Integer
    If Not Disk.exists(ConvertToURL(path)) Then Exit Function
    Set stream = createUnoService("com.sun.star.io.TextInputStream")
    stream.setInputStream Disk.openFileRead(ConvertToURL(path))
    stream.setEncoding "UTF-8"
    If Not stream.isEOF() Then TextOf = stream.readString(noLimits(), False)
    stream.closeInput
End Function
