@echo off
rem Refreshes the KQI workbook beside this file, or the one dragged onto it, from outside Excel:
rem for where Office may not start programs. A workbook open in Excel is refreshed there, unsaved.
setlocal EnableExtensions DisableDelayedExpansion
title Refresh KQIs

rem Python starts in the user's own folder: it imports from where it starts, and anybody can leave
rem a file beside a workbook on a share. pushd lends a UNC folder a drive while we look through it.
set "own=%LOCALAPPDATA%\kqi_workbook"
if not exist "%own%\" mkdir "%own%"
cd /d "%own%"
cls

set "book=%~f1"
if defined book goto find_python
set books=0
set "folder=%~dp0"
pushd "%folder%"
for %%F in (*.xlsm *.xlsx) do (
    set "name=%%F"
    call :count
)
popd
if "%books%"=="1" goto find_python
echo Found %books% workbooks in "%folder%", expected one.
echo Drag the KQI workbook onto the icon of "%~nx0".
goto failed

:find_python
set "python="
if not defined KQI_PYTHON goto look_for_python
for %%P in ("%KQI_PYTHON:"=%") do set "there=%%~dpP"
rem It may name pythonw.exe or pyw.exe; beside it is the one that prints to this window.
if exist "%there%py.exe" set "python=%there%py.exe"
if exist "%there%python.exe" set "python=%there%python.exe"
:look_for_python
for %%P in (py.exe python.exe) do if not defined python set "python=%%~$PATH:P"
if defined python goto refresh
echo Python was not found on this computer. Install it, or set the variable KQI_PYTHON of your
echo Windows account to its full path (it ends in python.exe).
goto failed

:refresh
for %%F in ("%book%") do set "owner=%%~dpF~$%%~nxF"
if not exist "%owner%" goto closed_file
echo Somebody has "%book%" open. Refreshing it in Excel...
"%python%" -m kqi_workbook refresh --live "%book%"
if %errorlevel%==0 goto done
if not %errorlevel%==3 goto failed
echo It is not open in an Excel of yours. Refreshing the file...

:closed_file
"%python%" -m kqi_workbook refresh "%book%"
if not %errorlevel%==0 goto failed

:done
timeout /t 10
exit /b 0

:failed
echo.
echo The workbook was not refreshed.
pause
exit /b 1

rem Excel's own notes on who has a workbook open begin with ~$.
:count
if "%name:~0,2%"=="~$" goto :eof
set "book=%folder%%name%"
set /a books+=1
exit /b
